"""Data that administrators keep in order (基础数据): FAB draws the screens from the rule set, the services write."""
