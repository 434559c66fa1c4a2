"""
What the API answers with, by topic. The OpenAPI document is made from these models.

Activities and days come out of PostgreSQL as JSON text and are sent as they are; a test holds real
answers against the models.
"""
