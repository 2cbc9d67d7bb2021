"""Names that some language, library or template of ours has a meaning for."""

from __future__ import annotations

PYTHON_KEYWORDS = """
    False None True and as assert async await break class continue def del elif else
    except finally for from global if import in is lambda nonlocal not or pass raise
    return try while with yield match case type _
"""
PYTHON_BUILTINS = """
    abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr
    classmethod compile complex copyright credits delattr dict dir divmod enumerate eval
    exec exit filter float format frozenset getattr globals hasattr hash help hex id
    input int isinstance issubclass iter len license list locals map max memoryview min
    next object oct open ord pow print property quit range repr reversed round set
    setattr slice sorted staticmethod str sum super tuple vars zip Ellipsis
    NotImplemented ArithmeticError AttributeError BaseException EOFError Exception
    ImportError KeyError LookupError NameError OSError RuntimeError StopIteration
    TypeError ValueError Warning
"""
PYTHON_SPECIAL = """
    __all__ __annotations__ __bases__ __bool__ __builtins__ __call__ __contains__
    __copy__ __debug__ __del__ __delattr__ __dict__ __doc__ __enter__ __eq__ __exit__
    __file__ __future__ __get__ __getattr__ __getstate__ __hash__ __init__
    __init_subclass__ __iter__ __len__ __main__ __members__ __missing__ __module__
    __mro__ __ne__ __new__ __path__ __post_init__ __reduce__ __repr__ __set_name__
    __setattr__ __slots__ __spec__ __str__ __subclasshook__ __weakref__
    self cls mcs mro name value values names _name_ _value_ _missing_ _generate_next_value_
    _ignore_ __ _a __a _1 __1 a_ A a1 camelCase HTTPServer aB
"""
TYPESCRIPT = """
    abstract accessor arguments asserts bigint boolean catch const constructor debugger
    declare default delete do enum export extends function get implements infer
    instanceof interface keyof let module namespace never new null number out override
    package private protected public readonly require satisfies static string switch
    symbol this throw typeof undefined unique unknown using var void globalThis
    __proto__ __brand hasOwnProperty isPrototypeOf length prototype then toJSON toString
    valueOf then_ Array Awaited BigInt Date Error Function Infinity JSON Math NaN Omit
    Partial Pick Promise PromiseLike Proxy ReadonlyArray Record Reflect RegExp Required
    ThisType Uppercase WeakMap window document console process exports
"""
OURS = """
    answer fail shows hides strict
    Annotated Any AsyncServiceClient CallOptions CannedCall ClassVar Decimal FakeService
    Fields FiniteDecimal Float32 Int32 Int53 Int64 JsonValue Literal Meta Method NewType
    NotFound Internal OpenEnum Protocol RpcError Service ServiceClient StrEnum Struct
    TYPE_CHECKING TypeAlias UInt32 UNRECOGNIZED UNSET UUID Unset UnsetType User
    UserService UserServiceClient AsyncUserServiceClient aclose add_note args batch body
    call calls channel client close code config data date datetime decode details encode
    error error_name errors extra field field_name frozen handler headers idlgen jsonrpc
    kw_only message metadata method msgspec options params path problems raw result
    retryable retries returns rpc server service status stream tag testing time timedelta
    timeout types unary user uuid view with_options with_traceback _service _idl_channel
    _idl_name serves require_contract in_process asgi_app
"""

NAMES = tuple(
    dict.fromkeys(
        f"{PYTHON_KEYWORDS}{PYTHON_BUILTINS}{PYTHON_SPECIAL}{TYPESCRIPT}{OURS}".split()
    )
)
