"""What somebody on call has to hear of, once."""
