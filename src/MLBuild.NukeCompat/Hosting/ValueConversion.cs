using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace MLBuild.NukeCompat;

/// <summary>Text to values, the same under every culture.</summary>
internal static class ValueConversion
{
    /// <summary>Converts values to an array, or a single one to anything else.</summary>
    /// <param name="baseDirectory">What relative paths start from; null means the working directory.</param>
    public static bool TryConvert(
        IReadOnlyList<string> values, Type type, out object? result, string? baseDirectory = null)
    {
        result = null;
        if (!type.IsArray)
            return values.Count == 1 && TryConvert(values[0], Scalar(type), out result, baseDirectory);
        var array = Array.CreateInstance(type.GetElementType()!, values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (!TryConvert(values[i], Scalar(type), out var item, baseDirectory))
                return false;
            array.SetValue(item, i);
        }
        result = array;
        return true;
    }

    /// <summary>The text to blame after <see cref="TryConvert(IReadOnlyList{string}, Type, out object?, string?)"/>
    /// failed: the wrong item of an array; all of them where one was expected.</summary>
    public static string FirstWrong(IReadOnlyList<string> values, Type type, string? baseDirectory) =>
        type.IsArray
            ? values.First(value => !TryConvert(value, Scalar(type), out _, baseDirectory))
            : string.Join(' ', values);

    /// <summary>The type of one value: of an array's item, of a nullable's content.</summary>
    public static Type Scalar(Type type)
    {
        var item = type.IsArray ? type.GetElementType()! : type;
        return Nullable.GetUnderlyingType(item) ?? item;
    }

    /// <summary>What to write for a type, to stand behind the word "expected".</summary>
    public static string Expectation(Type type)
    {
        var scalar = Scalar(type);
        if (scalar.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(scalar));
        if (scalar.IsAssignableTo(typeof(Enumeration)))
            return "one of " + string.Join(", ", Choices(scalar).Select(choice => choice.Name));
        if (Range(scalar) is { } range)
            return $"a whole number in {range}";
        return Type.GetTypeCode(scalar) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            TypeCode.String => "one text",
            TypeCode.DateTime => "a date such as 2019-03-01",
            _ when scalar == typeof(TimeSpan) => "a duration such as 00:01:30",
            _ when scalar == typeof(AbsolutePath) => "a path",
            _ when scalar == typeof(Partition) => "part/total such as 1/3",
            _ => $"a value of type {scalar.Name}"
        };
    }

    private static string? Range(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => "0..255",
        TypeCode.SByte => "-128..127",
        TypeCode.Int16 => "-32768..32767",
        TypeCode.UInt16 => "0..65535",
        TypeCode.UInt32 => "0..4294967295",
        TypeCode.UInt64 => "0..18446744073709551615",
        _ => null
    };

    private static bool TryConvert(string text, Type type, out object? result, string? baseDirectory)
    {
        result = type.IsEnum ? EnumValue(text, type) : Type.GetTypeCode(type) switch
        {
            TypeCode.String => text,
            TypeCode.Boolean => bool.TryParse(text, out var value) ? value : null,
            TypeCode.Int32 => Number<int>(text),
            TypeCode.Int64 => Number<long>(text),
            TypeCode.Byte => Number<byte>(text),
            TypeCode.SByte => Number<sbyte>(text),
            TypeCode.Int16 => Number<short>(text),
            TypeCode.UInt16 => Number<ushort>(text),
            TypeCode.UInt32 => Number<uint>(text),
            TypeCode.UInt64 => Number<ulong>(text),
            TypeCode.Single => Number<float>(text),
            TypeCode.Double => Number<double>(text),
            TypeCode.Decimal => Number<decimal>(text),
            _ when type == typeof(TimeSpan) =>
                TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : null,
            _ when type == typeof(AbsolutePath) =>
                text.Length == 0 ? null : AbsolutePath.Create(
                    Path.Combine(baseDirectory ?? Environment.CurrentDirectory, text)),
            _ when type.IsAssignableTo(typeof(Enumeration)) => Choices(type)
                .FirstOrDefault(choice => choice.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?.GetValue(null),
            _ => ByTypeConverter(text, type)
        };
        return result != null;
    }

    // No thousands separators: 0,5 would otherwise read as 5.
    private static object? Number<T>(string text)
        where T : struct, System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Enum.TryParse takes any number; one that no name stands for is a mistake, except in a combination of flags.
    private static object? EnumValue(string text, Type type) =>
        Enum.TryParse(type, text, ignoreCase: true, out var value)
        && (Enum.IsDefined(type, value) || type.IsDefined(typeof(FlagsAttribute)))
            ? value : null;

    private static IEnumerable<FieldInfo> Choices(Type enumeration) =>
        enumeration.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.FieldType == enumeration && !field.Name.Contains('<'));

    private static object? ByTypeConverter(string text, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        try
        {
            return converter.CanConvertFrom(typeof(string)) ? converter.ConvertFromInvariantString(text) : null;
        }
        catch (Exception)
        {
            // Converters of the build's author may throw anything; for the caller it is the same wrong value.
            return null;
        }
    }
}
