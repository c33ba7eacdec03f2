using System.Collections;
using System.Globalization;
using System.Reflection;

namespace MLBuild.Engine.Recipes;

/// <summary>Turns a stage's options into recipe entries, one for each member, all the way down: whatever is in the options is
/// in the recipe.</summary>
public static class ParameterEntries
{
    /// <exception cref="PipelineException">A member has a type that has no canonical text.</exception>
    public static IEnumerable<RecipeEntry> Of(object? options) => options is null ? [] : Members(options, prefix: "");

    private static IEnumerable<RecipeEntry> Members(object value, string prefix) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.CanRead)
        .SelectMany(property => Value(prefix + property.Name, property.GetValue(value), value.GetType()));

    private static IEnumerable<RecipeEntry> Value(string name, object? value, Type owner) 
    {
        return value switch
        {
            null => [Entry("null", "null")],
            string text => [Entry("string", text)],
            bool flag => [Entry("bool", flag ? "true" : "false")],
            int or long or short or byte or uint or ulong or ushort or sbyte or decimal =>
                [Entry(value.GetType().Name.ToLowerInvariant(), ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture))],
            double number => [Entry("double", number.ToString("R", CultureInfo.InvariantCulture))],
            float number => [Entry("single", number.ToString("R", CultureInfo.InvariantCulture))],
            Enum choice => [Entry($"enum {choice.GetType().Name}", choice.ToString())],
            DateTime or DateTimeOffset or DateOnly or TimeOnly =>
                [Entry(value.GetType().Name, ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture))],
            TimeSpan span => [Entry("TimeSpan", span.ToString("c", CultureInfo.InvariantCulture))],
            Store.ContentHash hash => [Entry("hash", hash.Hex)],
            IList items => [Entry("list", items.Count.ToString(CultureInfo.InvariantCulture)),
                .. items.Cast<object?>().SelectMany((item, i) => Value($"{name}[{i}]", item, owner))],
            // A record is its members. Anything else (a stream, a delegate, a dictionary) has no text that means the same tomorrow.
            _ when IsRecord(value.GetType()) => [Entry("record", value.GetType().Name), .. Members(value, name + ".")],
            _ => throw new PipelineException(
                $"{owner.Name}.{name} is a {value.GetType().Name}, which cannot be a parameter of a stage. Use numbers, text, enums, dates, " +
                "lists of those, or a record of those."),
        };

        RecipeEntry Entry(string type, string text) => new(RecipeKind.Parameter, name, type, text);
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
