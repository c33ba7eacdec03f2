namespace MLBuild.Engine.Code;

/// <summary>What a call of the framework's reflection can come to.</summary>
internal enum ReflectionUse
{
    None,

    /// <summary><c>Type.GetType</c> and the like: the type if its name is a literal, else any.</summary>
    TypeByName,

    /// <summary>Members by name or all: those of every object that exists.</summary>
    Members,
    Resource,

    /// <summary>Code that cannot be known: assemblies loaded or searched, code emitted.</summary>
    Unknown,
}

/// <summary>Which calls of the framework reflect, and over what.</summary>
internal static class ReflectionCalls
{
    public static ReflectionUse Of(MethodOperand called) => (called.Owner.Element.Text, called.Name) switch
    {
        ("System.Type", "GetType") when called.Signature.ParameterTypes is [{ Text: "string" }, ..] =>
            ReflectionUse.TypeByName,
        ("System.Type", "GetMethod" or "GetMethods" or "GetMember" or "GetMembers" or "InvokeMember"
            or "GetConstructor" or "GetConstructors" or "GetEvent" or "GetEvents" or "FindMembers"
            or "GetNestedType" or "GetNestedTypes") => ReflectionUse.Members,
        ("System.Reflection.RuntimeReflectionExtensions" or "System.Reflection.TypeInfo", _) => ReflectionUse.Members,
        ("Microsoft.CSharp.RuntimeBinder.Binder", _) => ReflectionUse.Members,
        ("System.Reflection.Assembly" or "System.Reflection.Module", "GetType") => ReflectionUse.TypeByName,
        ("System.Reflection.Assembly" or "System.Reflection.Module", "GetTypes" or "GetExportedTypes"
            or "get_DefinedTypes" or "get_ExportedTypes" or "Load" or "LoadFrom" or "LoadFile" or "UnsafeLoadFrom"
            or "LoadWithPartialName" or "CreateInstance" or "ResolveType" or "ResolveMethod") => ReflectionUse.Unknown,
        ("System.Reflection.Assembly", "GetManifestResourceStream" or "GetManifestResourceInfo") =>
            ReflectionUse.Resource,
        ("System.Resources.ResourceManager", ".ctor") => ReflectionUse.Resource,
        ("System.Runtime.Loader.AssemblyLoadContext", not ("get_Default" or "GetLoadContext" or "get_Name")) =>
            ReflectionUse.Unknown,
        ("System.AppDomain", "GetAssemblies" or "Load" or "CreateInstance") => ReflectionUse.Unknown,
        ("System.Activator", "CreateInstance" or "CreateInstanceFrom")
            when called.Signature.ParameterTypes is [{ Text: "string" }, ..] => ReflectionUse.Unknown,
        (var type, _) when type.StartsWith("System.Reflection.Emit.", StringComparison.Ordinal) =>
            ReflectionUse.Unknown,
        _ => ReflectionUse.None,
    };
}

/// <summary>Generic types and methods of the framework that pass objects on without looking into them.</summary>
internal static class HarmlessGenerics
{
    private static readonly string[] Spaces =
    [
        "System.Collections.", "System.Linq.Enumerable", "System.Linq.IGrouping", "System.Linq.ILookup",
        "System.Linq.IOrdered", "System.Linq.Lookup", "System.Linq.Parallel", "System.Linq.ImmutableArray",
        "System.Threading.", "System.Buffers.", "System.Func`", "System.Action`", "System.Predicate`",
        "System.Comparison`", "System.Converter`", "System.Span`", "System.ReadOnlySpan`", "System.Memory`",
        "System.ReadOnlyMemory`", "System.MemoryExtensions", "System.Nullable", "System.Tuple",
        "System.ValueTuple", "System.IEquatable`", "System.IComparable`", "System.Array", "System.EventHandler`",
        "System.IProgress`", "System.Progress`", "System.Runtime.CompilerServices.", "System.WeakReference`",
        "System.Numerics.I", "System.IParsable`", "System.ISpanParsable`", "System.Object", "System.Random",
        "System.Runtime.InteropServices.", "System.GC", "System.HashCode", "System.ArraySegment`", "System.Index",
        "System.Math",
    ];

    public static bool Contains(TypeName type) => type.Form == TypeForm.External
        && Spaces.Any(space => type.Text.StartsWith(space, StringComparison.Ordinal));
}
