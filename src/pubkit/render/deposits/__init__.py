"""What a registration agency or a bookseller is sent about an edition: Crossref's XML, DataCite's JSON, ONIX for Books."""
