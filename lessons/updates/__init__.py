"""共案有更新: what a newer shared plan would change in a teacher's own version, decided place by place, undone as a whole."""
