"""The cost recovery rate, down to the months, modules and providers that it is made of."""
