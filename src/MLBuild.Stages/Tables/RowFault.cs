using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;

namespace MLBuild.Stages.Tables;

/// <summary>Why one line of a file is not a row: the first fault found in it.</summary>
/// <param name="File">The name of the file, as given to <see cref="RowFiles"/>.</param>
/// <param name="Line">The line on which the row starts, counted from 1, header and empty lines included; of a file
/// without lines, the row.</param>
/// <param name="Column">The column at fault, or null where the row as a whole is.</param>
/// <param name="Value">The text of the field, of the line where <paramref name="Column"/> is null; null where the field
/// is empty or absent. Long texts are cut.</param>
/// <param name="Reason">What was expected.</param>
public sealed record RowFault(string File, long Line, string? Column, string? Value, string Reason)
{
    private const int LongestValue = 80;

    /// <summary>What <see cref="Line"/> counts.</summary>
    public LineKind Counts { get; init; }

    /// <summary>A row that is left out for another.</summary>
    internal static RowFault Of(LeftOutRow row) =>
        new(row.Source.File, row.Source.Line, null, null, row.ToString());

    /// <summary>The text of a field or line, as much of it as a message can take.</summary>
    public static string Shorten(ReadOnlySpan<byte> text)
    {
        // Four bytes are the most a UTF-8 character takes, so this decodes enough and never a megabyte.
        var value = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestValue)]);
        return value.Length <= LongestValue && text.Length <= 4 * LongestValue ? value : $"{value[..LongestValue]}…";
    }

    /// <summary>As much of a text as a message can take.</summary>
    internal static string Shorten(string text) => text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";

    public override string ToString() => (Column, Value) switch
    {
        (null, _) => $"{Place}: {Reason}. The line is {ValueText.Quoted(Value ?? "")}.",
        (_, null) => $"{Place}: column '{Column}' is empty, {Reason}.",
        _ => $"{Place}: column '{Column}' is {ValueText.Quoted(Value)}, {Reason}.",
    };

    private string Place => FormattableString.Invariant($"{File} {(Counts == LineKind.Rows ? "row" : "line")} {Line}");
}

/// <summary>What the places in a file are numbered by.</summary>
public enum LineKind
{
    /// <summary>Lines of text, empty ones included.</summary>
    Lines,

    /// <summary>Rows, in a file that has no lines.</summary>
    Rows,
}
