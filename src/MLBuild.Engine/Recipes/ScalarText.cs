using System.Globalization;

namespace MLBuild.Engine.Recipes;

/// <summary>The canonical text of a value that is one thing: the same in every culture and process.</summary>
internal static class ScalarText
{
    /// <summary>What sort of value it is, and its text; null if it has no such text.</summary>
    public static (string Type, string Text)? Of(object? value) => value switch
    {
        null => ("null", "null"),
        string text => ("string", text),
        char letter => ("char", letter.ToString()),
        bool flag => ("bool", flag ? "true" : "false"),
        int or long or short or byte or uint or ulong or ushort or sbyte or decimal =>
            (value.GetType().Name.ToLowerInvariant(), Formatted(value, null)),
        double => ("double", Formatted(value, "R")),
        float => ("single", Formatted(value, "R")),
        Enum choice => ($"enum {choice.GetType().Name}", choice.ToString()),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => (value.GetType().Name, Formatted(value, "O")),
        TimeSpan => ("TimeSpan", Formatted(value, "c")),
        Store.ContentHash hash => ("hash", hash.Hex),
        _ => null,
    };

    private static string Formatted(object value, string? format) =>
        ((IFormattable)value).ToString(format, CultureInfo.InvariantCulture);
}
