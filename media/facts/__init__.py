"""What a file says about itself: pages, pixels, seconds. Own small readers, for the base installation has no ffmpeg."""
