"""What a deployment may choose: one class per component, read together."""
