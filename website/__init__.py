"""The course as a website: a start page, and the notebooks as a book."""
