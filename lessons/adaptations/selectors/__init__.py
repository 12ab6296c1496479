"""What the pages of adaptations show, each as far as the viewer may read."""
