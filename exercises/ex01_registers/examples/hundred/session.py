from hundred import missing
missing(58)
missing(130)
