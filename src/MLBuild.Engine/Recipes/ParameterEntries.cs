using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Recipes;

/// <summary>Turns a stage's options into recipe entries, one for each member, all the way down: whatever is in the
/// options is in the recipe, except what is <see cref="NotAnInputAttribute"/>.</summary>
public static class ParameterEntries
{
    private const string Allowed = "numbers, text, enums, dates, lists of those, or a record of those";

    /// <param name="options">A record; an anonymous type is one too.</param>
    /// <exception cref="PipelineException">It is no record, or a member has a type that has no canonical
    /// text.</exception>
    public static IEnumerable<RecipeEntry> Of(object? options) => options switch
    {
        null => [],
        _ when IsRecord(options.GetType()) => Members(options, prefix: "", options.GetType()),
        _ => throw new PipelineException(
            $"The options of a stage are a {NameOf(options.GetType())}, not a record. Use a record of {Allowed}."),
    };

    private static IEnumerable<RecipeEntry> Members(object value, string prefix, Type root)
    {
        var properties = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0).ToArray();
        // Fields too can change what the code does. Those behind a public property would only say it again.
        var said = properties.SelectMany(property =>
            new[] { $"<{property.Name}>k__BackingField", $"<{property.Name}>i__Field" })
            .ToHashSet(StringComparer.Ordinal);
        foreach (var property in properties.Where(property => !property.IsDefined(typeof(NotAnInputAttribute))))
        {
            foreach (var entry in Value(prefix + property.Name, property.GetValue(value), root))
                yield return entry;
        }
        foreach (var field in Fields(value.GetType()).Where(field => !said.Contains(field.Name)))
        {
            var name = field.Name.Split('<', '>') is [_, var property, _] ? property : field.Name;
            foreach (var entry in Value(prefix + name, field.GetValue(value), root))
                yield return entry;
        }
    }

    private static IEnumerable<FieldInfo> Fields(Type? type) => type is null
        ? []
        : type.GetFields(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Concat(Fields(type.BaseType));

    private static IEnumerable<RecipeEntry> Value(string name, object? value, Type root)
    {
        if (ScalarText.Of(value) is { } scalar)
            return [Entry(scalar.Type, scalar.Text)];
        return value switch
        {
            _ when IsRecord(value!.GetType()) =>
                [Entry("record", NameOf(value.GetType())), .. Members(value, name + ".", root)],
            IList items and not Array { Rank: > 1 } =>
                [Entry("list", items.Count.ToString(CultureInfo.InvariantCulture)),
                .. items.Cast<object?>().SelectMany((item, i) => Value($"{name}[{i}]", item, root))],
            // A stream, a delegate, a dictionary: what has no text that means the same tomorrow.
            _ => throw new PipelineException(
                $"{NameOf(root)}.{name} is a {NameOf(value.GetType())}, which cannot be a parameter of a stage. Use " +
                $"{Allowed}."),
        };

        RecipeEntry Entry(string type, string text) => new(RecipeKind.Parameter, name, type, text);
    }

    // What all records have, also those that are structs.
    private static bool IsRecord(Type type) => IsAnonymous(type) ||
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(StringBuilder)])
            is not null;

    private static bool IsAnonymous(Type type) => type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal);

    private static string NameOf(Type type) => IsAnonymous(type) ? "options" : type.Name.Split('`')[0];
}
