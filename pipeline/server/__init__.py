"""`segpipe serve`: a pushed model behind HTTP, with a page to try it."""
