"""Unbinding: takes ties off and, asked, cancels the unpaid order behind them. Nothing here cancels unasked or twice."""
