from leap import leap
leap()
