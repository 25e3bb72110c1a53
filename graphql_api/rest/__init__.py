"""The product's REST contract: subscriptions and jobs under ``/api``.

The same functions of the library as behind GraphQL, in the words of the product.
"""
