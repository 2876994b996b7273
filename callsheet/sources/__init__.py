"""Everything that people give, checked: requests, texts, pictures, drawings, and what lies at an address."""
