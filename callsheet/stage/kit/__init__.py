"""What templates are made with: text, formulas, layout, motion, pictures, plots and diagrams."""
