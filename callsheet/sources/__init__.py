"""Everything that people give, checked: requests, texts, pictures, drawings, and files at addresses."""
