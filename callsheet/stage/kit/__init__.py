"""The toolkit of the templates: text, formulas, layout, motion, pictures, plots and diagrams."""
