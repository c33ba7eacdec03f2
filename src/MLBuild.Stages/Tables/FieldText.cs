using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace MLBuild.Stages.Tables;

/// <summary>Values from the UTF-8 text of one field: from all of the text, without a culture or spaces around it.
/// </summary>
internal static class FieldText
{
    public delegate bool TryParse<T>(ReadOnlySpan<byte> text, out T value);

    private const int MillisecondDigits = 3;

    // Both sides of the one division are exact up to here, so its result is the nearest double: Clinger, "How to read
    // floating point numbers accurately", 1990.
    private const long LargestExactMantissa = 1L << 53;

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>true, t, yes, y, 1 and their opposites, in any case.</summary>
    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        value = Is("true"u8, text) || Is("t"u8, text) || Is("yes"u8, text) || Is("y"u8, text) || Is("1"u8, text);
        return value
            || Is("false"u8, text) || Is("f"u8, text) || Is("no"u8, text) || Is("n"u8, text) || Is("0"u8, text);

        static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> text) => Ascii.EqualsIgnoreCase(text, word);
    }

    public static bool TryInt32(ReadOnlySpan<byte> text, out int value)
    {
        var fits = TryInt64(text, out var wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = fits ? (int)wide : 0;
        return fits;
    }

    /// <summary>Digits, also followed by a point and zeros: a column that once held an absent value is often written as
    /// <c>1.0</c> by tools whose integers cannot be absent.</summary>
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        if (!Utf8Parser.TryParse(text, out value, out var used))
            return false;
        return used == text.Length || (used < text.Length - 1 && text[used..].TrimEnd((byte)'0').SequenceEqual("."u8));
    }

    /// <summary>The double nearest to the text. Texts for infinity and not-a-number, and numbers beyond a double, are
    /// no values: an absent number is written as an empty field.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value) =>
        TryShortDecimal(text, out value)
        || (double.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out value)
            && double.IsFinite(value));

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c>, perhaps with a T between the two and a fraction behind them. Digits after
    /// the milliseconds must be zeros: cutting others off would change the value.</summary>
    public static bool TryDateTime(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        if (text.Length < 19
            || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)' ' or (byte)'T')
            || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day) || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)
            || !TryMilliseconds(text[19..], out var millisecond))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;
        value = new DateTime(year, month, day, hour, minute, second, millisecond);
        return true;
    }

    private static bool TryMilliseconds(ReadOnlySpan<byte> fraction, out int value)
    {
        value = 0;
        if (fraction.IsEmpty)
            return true;
        var digits = fraction[1..Math.Min(fraction.Length, 1 + MillisecondDigits)];
        var rest = fraction[(1 + digits.Length)..];
        if (fraction[0] != '.' || digits.IsEmpty || rest.ContainsAnyExcept((byte)'0') || !TryDigits(digits, out value))
            return false;
        for (var i = digits.Length; i < MillisecondDigits; i++)
            value *= 10;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }

    // Nearly every number in a table is short and has no exponent: digits, a point, digits.
    private static bool TryShortDecimal(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var (mantissa, digits, decimals, point) = (0L, 0, 0, false);
        foreach (var c in negative ? text[1..] : text)
        {
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }
            if (!char.IsAsciiDigit((char)c) || mantissa > LargestExactMantissa / 10)
                return false;
            mantissa = mantissa * 10 + (c - '0');
            digits++;
            decimals += point ? 1 : 0;
        }
        if (digits == 0 || decimals >= PowersOfTen.Length || mantissa > LargestExactMantissa)
            return false;
        value = mantissa / PowersOfTen[decimals];
        // Not -mantissa: an integer has no negative zero.
        value = negative ? -value : value;
        return true;
    }
}
