#nullable disable
using System.Runtime.CompilerServices;
using System.Text;
using Nuke.Common.IO;

namespace Nuke.Common.Tooling;

/// <summary>Builds a command line from an interpolated text: values with spaces are quoted, values with the format
/// <c>:r</c> are secret and shown as [REDACTED], values with the format <c>:nq</c> are taken as they are.</summary>
[InterpolatedStringHandler]
public ref struct ArgumentStringHandler
{
    private readonly StringBuilder _text;
    private readonly List<string> _secrets;

    public ArgumentStringHandler(int literalLength, int formattedCount, out bool handlerIsValid)
    {
        _text = new StringBuilder(literalLength + formattedCount * 16);
        _secrets = [];
        handlerIsValid = true;
    }

    public static implicit operator ArgumentStringHandler(string value) => $"{value:nq}";

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(object obj, int alignment = 0, string format = null)
    {
        if (obj is IAbsolutePathHolder holder)
            Append(holder.Path.ToString(format ?? AbsolutePath.DoubleQuoteIfNeeded), alignment);
        else if (obj is string text && format == "r")
        {
            _secrets.Add(text);
            Append(text, alignment);
        }
        else if (obj is string word)
            Append(format == "nq" || IsQuoted(word) || !word.Contains(' ') ? word : $"\"{word}\"", alignment);
        else
            Append(
                obj is IFormattable value
                    ? value.ToString(format, System.Globalization.CultureInfo.InvariantCulture)
                    : obj?.ToString(),
                alignment);
    }

    public void AppendFormatted(IEnumerable<IAbsolutePathHolder> paths, int alignment = 0, string format = null)
    {
        var separator = "";
        foreach (var path in paths)
        {
            _text.Append(separator);
            AppendFormatted((object)path, alignment, format);
            separator = " ";
        }
    }

    public string ToStringAndClear()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    /// <summary>Hides the secret values in what the program writes and in the logged command line.</summary>
    public Func<string, string> GetFilter()
    {
        var secrets = _secrets;
        return line => secrets.Aggregate(line, (shown, secret) =>
            shown.Replace(secret, "[REDACTED]", StringComparison.Ordinal));
    }

    private void Append(string text, int alignment) =>
        _text.Append(alignment < 0 ? text?.PadRight(-alignment) : text?.PadLeft(alignment));

    private static bool IsQuoted(string text) =>
        text.Length > 1 && text[0] == text[^1] && text[0] is '"' or '\'';
}
