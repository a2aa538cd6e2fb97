"""Says in the OpenAPI document what the JSON really carries: decimals are strings."""

from decimal import Decimal

from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


class MoneyAsString(OpenAPISchemaPlugin):
    @staticmethod
    def is_plugin_supported_type(value) -> bool:
        return value is Decimal

    @staticmethod
    def is_plugin_supported_field(field_definition: FieldDefinition) -> bool:
        return field_definition.annotation is Decimal

    def to_openapi_schema(self, field_definition, schema_creator) -> Schema:
        return Schema(type=OpenAPIType.STRING, pattern=r"^-?\d{1,12}(\.\d{1,4})?$", examples=["1250.50"])
