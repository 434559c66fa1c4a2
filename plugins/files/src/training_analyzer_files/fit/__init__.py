"""FIT files: their structure, their content, and the activities in them."""
