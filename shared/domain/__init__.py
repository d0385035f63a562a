"""The parts that models are made of: aggregates that write their events, lifecycles, refusals."""
