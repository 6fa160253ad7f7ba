"""Labels of parcels: reading codes in pictures and drawing labels. A read is never trusted without a second reason."""
