def starting_spec(sizes: str, activation: str = "sigmoid") -> str:
    return ""
