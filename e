W/"cee485abfca4e5abb33725c9"
