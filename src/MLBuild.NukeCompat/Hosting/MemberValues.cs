using System.Linq.Expressions;
using System.Reflection;

namespace MLBuild.NukeCompat;

/// <summary>Reads and writes fields and properties of a build, readonly ones included.</summary>
internal static class MemberValues
{
    public const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static Type TypeOf(MemberInfo member) => member switch
    {
        FieldInfo field => field.FieldType,
        PropertyInfo property => property.PropertyType,
        _ => throw new ArgumentException($"{member} is neither field nor property.", nameof(member))
    };

    public static object? Get(MemberInfo member, object? instance) => member switch
    {
        FieldInfo field => field.GetValue(instance),
        PropertyInfo property => property.GetValue(instance),
        _ => throw new ArgumentException($"{member} is neither field nor property.", nameof(member))
    };

    /// <summary>Sets the member; false for a property that only computes its value.</summary>
    public static bool TrySet(MemberInfo member, object instance, object? value)
    {
        switch (member)
        {
            case FieldInfo field:
                field.SetValue(instance, value);
                return true;
            case PropertyInfo { SetMethod: not null } property:
                property.SetValue(instance, value);
                return true;
            default:
                // A get-only auto-property: its value is in a field that the compiler names.
                var backing = member.DeclaringType?.GetField($"<{member.Name}>k__BackingField", Declared);
                backing?.SetValue(instance, value);
                return backing != null;
        }
    }

    /// <summary>A field or property by name, of the class itself before those it derives from.</summary>
    public static MemberInfo? Find(Type type, string name) =>
        Hierarchy(type)
            .SelectMany(level => level.GetMember(name, MemberTypes.Field | MemberTypes.Property, Declared))
            .FirstOrDefault();

    public static IEnumerable<Type> Hierarchy(Type type)
    {
        for (var level = type; level != null && level != typeof(object); level = level.BaseType)
            yield return level;
    }

    /// <summary>The member that an expression such as <c>() => Seed</c> names.</summary>
    public static MemberInfo MemberOf(LambdaExpression expression)
    {
        var body = expression.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            body = convert.Operand;
        return body is MemberExpression { Member: var member }
            ? member
            : throw new BuildRefused($"'{expression.Body}' is no member. Write the parameter itself: () => Parameter.");
    }
}
