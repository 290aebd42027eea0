"""The web page: running questions, the data sent to the browser, libraries on disk, the URL, and components."""
