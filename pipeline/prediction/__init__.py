"""`segpipe predict`: from images and a pushed model to masks."""
