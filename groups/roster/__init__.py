"""The people of many schools at once (花名册): workbooks in and out, one-time codes, the school administrator's list."""
