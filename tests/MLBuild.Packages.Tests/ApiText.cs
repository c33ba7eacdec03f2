using System.Reflection;
using System.Runtime.CompilerServices;

namespace MLBuild.Packages.Tests;

/// <summary>The public members of an assembly, a line each, in an order that depends on nothing but their names.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Each type with its namespace, and its members below it.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes().OrderBy(FullNameOf, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Select(line => $"  {line}")
                .Prepend($"{KindOf(type)} {FullNameOf(type)}{Above(type)}")),
    ];

    /// <summary>The lines with their type before each member, so that two texts can be compared line by line.</summary>
    public static IEnumerable<string> Flat(IEnumerable<string> text)
    {
        var type = "";
        foreach (var line in text)
        {
            if (!line.StartsWith(' '))
                type = line.Split(" : ")[0];
            yield return line.StartsWith(' ') ? $"{type}:{line}" : line;
        }
    }

    private static IEnumerable<string> Members(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}")
        : IsDelegate(type) ? [Signature(type.GetMethod("Invoke")!)]
        :
        [
            .. type.GetConstructors(Declared).Where(IsSeen).Select(Signature),
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily)
                .Select(field => $"{(field.IsStatic ? "static " : "")}{NameOf(field.FieldType)} {field.Name}"),
            .. type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(IsSeen))
                .Select(Signature),
            // What the compiler writes for records follows from their properties.
            .. type.GetMethods(Declared).Where(IsSeen)
                .Where(method => method.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
                .Where(method => !method.IsSpecialName
                    || method.Name.StartsWith("op_", StringComparison.Ordinal)
                    && method.Name is not ("op_Equality" or "op_Inequality"))
                .Select(Signature),
        ];

    private static string Signature(PropertyInfo property)
    {
        var accessor = property.GetAccessors(true).First(IsSeen);
        var set = property.SetMethod is { } setter && IsSeen(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        var get = property.GetMethod is { } getter && IsSeen(getter) ? " get;" : "";
        return $"{Flags(accessor)}{NameOf(property.PropertyType)} {property.Name} {{{get}{set} }}";
    }

    private static string Flags(MethodBase method) =>
        $"{(method.IsStatic ? "static " : "")}{(method.IsAbstract ? "abstract " : "")}";

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Signature(MethodBase method)
    {
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        var parameters = string.Join(", ", method.GetParameters().Select(parameter =>
            $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}"));
        var result = method is MethodInfo { ReturnType: var type } ? $"{NameOf(type)} " : "";
        return $"{Flags(method)}{result}{(method.IsConstructor ? "new" : method.Name)}{generic}({parameters})";
    }

    private static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Above(Type type)
    {
        if (type.IsEnum || IsDelegate(type))
            return "";
        var above = type.GetInterfaces().Where(one => one.IsVisible).Select(NameOf).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            above = above.Prepend(NameOf(parent)).Order(StringComparer.Ordinal);
        return string.Join(", ", above) is { Length: > 0 } all ? $" : {all}" : "";
    }

    private static string FullNameOf(Type type) =>
        type.Namespace is { } space ? $"{space}.{NameOf(type)}" : NameOf(type);

    private static string NameOf(Type type)
    {
        if (type.IsByRef || type.IsPointer || type.IsArray)
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsByRef ? "&" : "*");
        if (type.IsGenericParameter)
            return type.Name;
        var name = type.DeclaringType is { } outer ? $"{NameOf(outer).Split('<')[0]}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : name;
    }
}
