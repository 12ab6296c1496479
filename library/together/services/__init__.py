"""Every write of working together: load, permit, change, record, tell, each in one transaction."""
