#nullable disable
using System.ComponentModel;
using System.Globalization;

namespace Nuke.Common.IO;

/// <summary>Something that stands for a path, such as a project.</summary>
public interface IAbsolutePathHolder
{
    AbsolutePath Path { get; }
}

/// <summary>A path from the root of the file system, without dots and double separators:
/// <c>RootDirectory / "data" / "raw.csv"</c>, <c>path / ..</c>, <c>path + ".zip"</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class AbsolutePath : IAbsolutePathHolder, IFormattable
{
    public const string DoubleQuote = "d";
    public const string DoubleQuoteIfNeeded = "dn";
    public const string SingleQuote = "s";
    public const string SingleQuoteIfNeeded = "sn";
    public const string NoQuotes = "nq";

    private readonly string _path;

    private AbsolutePath(string path)
    {
        if (!System.IO.Path.IsPathFullyQualified(path))
            throw new ArgumentException($"'{path}' is no absolute path. Start from one: RootDirectory / \"{path}\".");
        _path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
    }

    AbsolutePath IAbsolutePathHolder.Path => this;

    public string Name => System.IO.Path.GetFileName(_path);
    public string NameWithoutExtension => System.IO.Path.GetFileNameWithoutExtension(_path);

    /// <summary>With its dot; empty when there is none.</summary>
    public string Extension => System.IO.Path.GetExtension(_path);

    /// <summary>Null for the root of the file system.</summary>
    public AbsolutePath Parent => System.IO.Path.GetDirectoryName(_path);

    public static AbsolutePath Create(string path) => new(path);

    public static implicit operator AbsolutePath(string path) => path is null ? null : new(path);

    public static implicit operator string(AbsolutePath path) => path?._path;

    public static AbsolutePath operator /(AbsolutePath left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        if (string.IsNullOrEmpty(right))
            return left;
        return System.IO.Path.IsPathRooted(right)
            ? throw new ArgumentException($"'{right}' is an absolute path and cannot stand behind '{left}'.")
            : new(System.IO.Path.Combine(left._path, right));
    }

    /// <summary>The parent: <c>path / ..</c>.</summary>
    public static AbsolutePath operator /(AbsolutePath left, Range range) => range.Equals(Range.All)
        ? left.Parent
        : throw new ArgumentException($"A path takes / .. for its parent, not / {range}.");

    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left._path + right);

    public static bool operator ==(AbsolutePath a, AbsolutePath b) => Equals(a, b);

    public static bool operator !=(AbsolutePath a, AbsolutePath b) => !Equals(a, b);

    protected bool Equals(AbsolutePath other) => string.Equals(_path, other._path, Comparison);

    public override bool Equals(object obj) => obj is AbsolutePath other && Equals(other);

    public override int GetHashCode() => _path.GetHashCode(Comparison);

    public override string ToString() => _path;

    /// <summary>Formats: d and s in double and single quotes, dn and sn only where the path has a space.</summary>
    public string ToString(string format) => ToString(format, null);

    public string ToString(string format, IFormatProvider formatProvider) => format switch
    {
        DoubleQuote => $"\"{_path}\"",
        DoubleQuoteIfNeeded => _path.Contains(' ') ? $"\"{_path}\"" : _path,
        SingleQuote => $"'{_path}'",
        SingleQuoteIfNeeded => _path.Contains(' ') ? $"'{_path}'" : _path,
        null or "" or NoQuotes => _path,
        _ => throw new FormatException($"A path has no format '{format}', expected d, dn, s, sn or nq.")
    };

    private static StringComparison Comparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        /// <summary>A relative path starts at the working directory.</summary>
        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) =>
            value is string path ? Create(System.IO.Path.GetFullPath(path)) : base.ConvertFrom(context, culture, value);
    }
}
