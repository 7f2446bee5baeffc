"""What results show of themselves in a notebook. Masked previews only, as everywhere."""
