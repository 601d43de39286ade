from shop.stock import ITEMS

print(len(ITEMS), "items for", sum(ITEMS.values()))
