using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace MLBuild.Engine.Code;

/// <summary>The canonical text of objects of the framework and of build hosts that are values, although they do not
/// look like it.</summary>
internal static class OpaqueText
{
    public static (string Type, string Text)? Of(object value) => value switch
    {
        Guid or Version or Uri or Rune or Index or Range or StringBuilder => (value.GetType().Name, value.ToString()!),
        BigInteger or Half or Int128 or UInt128 or nint or nuint => (value.GetType().Name,
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        Complex complex => ("Complex", complex.ToString("R", CultureInfo.InvariantCulture)),
        CultureInfo culture => ("CultureInfo", culture.Name),
        Encoding encoding => ("Encoding", encoding.WebName),
        Regex regex => ("Regex", $"{regex.Options}|{regex.MatchTimeout}|{regex}"),
        TimeZoneInfo zone => ("TimeZoneInfo", zone.Id),
        StringComparer comparer => Named(comparer),
        FileSystemInfo file => (file.GetType().Name, file.FullName),
        Type type => ("Type", type.AssemblyQualifiedName is { } name ? name.Split(", Version=")[0] : type.Name),
        CancellationToken => ("CancellationToken", ""),
        _ when value == TimeProvider.System => ("TimeProvider", "System"),
        _ when value.GetType() == typeof(object) => ("object", ""),
        // Of NUKE and the hosts like it; by name, because the engine knows no host.
        _ when value.GetType().Name is "AbsolutePath" or "RelativePath" or "UnixRelativePath" or "WinRelativePath" =>
            (value.GetType().Name, value.ToString()!),
        _ => null,
    };

    private static (string, string)? Named(StringComparer comparer) =>
        comparer == StringComparer.Ordinal ? ("StringComparer", "Ordinal")
        : comparer == StringComparer.OrdinalIgnoreCase ? ("StringComparer", "OrdinalIgnoreCase")
        : comparer == StringComparer.InvariantCulture ? ("StringComparer", "InvariantCulture")
        : comparer == StringComparer.InvariantCultureIgnoreCase ? ("StringComparer", "InvariantCultureIgnoreCase")
        : null;
}

/// <summary>Small structures of the framework, taken apart.</summary>
internal static class Parts
{
    /// <summary>Null for what is no tuple, pair or lazy value.</summary>
    public static IReadOnlyList<(string Name, object? Value)>? Of(object value)
    {
        var type = value.GetType();
        if (value is System.Runtime.CompilerServices.ITuple tuple)
            return [.. Enumerable.Range(0, tuple.Length).Select(i => (
                string.Create(CultureInfo.InvariantCulture, $"Item{i + 1}"), tuple[i]))];
        if (!type.IsGenericType)
            return null;
        string[]? names = type.GetGenericTypeDefinition() switch
        {
            var pair when pair == typeof(KeyValuePair<,>) => ["Key", "Value"],
            var lazy when lazy == typeof(Lazy<>) => ["Value"],
            _ => null,
        };
        return names is null ? null : [.. names.Select(name => (name, type.GetProperty(name)!.GetValue(value)))];
    }
}
