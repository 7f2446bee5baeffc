"""The verdict: profile, header and neighbours weighed against each other, and the reasons told."""
