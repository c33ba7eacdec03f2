using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MLBuild.Learning.Rows;

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
        if (TryShortInteger(text, out value))
            return true;
        if (!Utf8Parser.TryParse(text, out value, out var used))
            return false;
        return used == text.Length || (used < text.Length - 1 && text[used..].TrimEnd((byte)'0').SequenceEqual("."u8));
    }

    /// <summary>The double nearest to the text. Texts for infinity and not-a-number, and numbers too large for a double
    /// or so small that only zero is near, are no values: an absent number is written as an empty field.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value) =>
        TryShortDecimal(text, out value)
        || (IsNumber(text) && double.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out value)
            && double.IsFinite(value) && (value != 0 || IsZero(text)));

    /// <summary>A number that keeps its value with so many digits behind the point.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, int scale, out decimal value) =>
        decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out value)
        && IsNumber(text)
        // Of the text, because parsing rounds what is behind 28 digits.
        && DigitsBehindPoint(text) <= scale
        && DecimalScale.Fits(value, scale);

    // The framework takes zero bytes behind a number for nothing.
    private static bool IsNumber(ReadOnlySpan<byte> text) => text is [.., not 0];

    /// <summary>True if no digit before the exponent is another than zero.</summary>
    private static bool IsZero(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return !text[..(exponent < 0 ? text.Length : exponent)].ContainsAnyInRange((byte)'1', (byte)'9');
    }

    private static int DigitsBehindPoint(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)'.') is >= 0 and var point ? text[(point + 1)..].TrimEnd((byte)'0').Length : 0;

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c>, perhaps with a T between the two and a fraction behind them. Digits after
    /// the milliseconds must be zeros: cutting others off would change the value.</summary>
    public static bool TryDateTime(ReadOnlySpan<byte> text, out DateTime value)
    {
        value = default;
        if (text.Length < 19
            || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)' ' or (byte)'T')
            || text[13] != ':' || text[16] != ':')
            return false;
        var (year, month, day) = (Two(text, 0) * 100 + Two(text, 2), Two(text, 5), Two(text, 8));
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        // What is no digit makes a number of two digits negative or far too large.
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month)
            || (uint)hour > 23 || (uint)minute > 59 || (uint)second > 59
            || !TryMilliseconds(text[19..], out var millisecond))
            return false;
        value = new(
            (Days(year, month, day) * TimeSpan.TicksPerDay)
            + ((((hour * 60) + minute) * 60L) + second) * TimeSpan.TicksPerSecond
            + (millisecond * TimeSpan.TicksPerMillisecond));
        return true;
    }

    /// <summary>The number of two digits, or one outside 0..99 where they are none.</summary>
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
        return tens > 9 || ones > 9 ? -100_000 : (int)(tens * 10 + ones);
    }

    private static int DaysIn(int year, int month) =>
        month == 2 ? (IsLeap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    // Days since 0001-01-01, with years that begin in March so that the odd day of a leap year is the last.
    private static long Days(int year, int month, int day)
    {
        var (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9);
        return (365L * y) + (y / 4) - (y / 100) + (y / 400) + (((153 * m) + 2) / 5) + day - 307;
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

    // Nearly every whole number in a table has few digits.
    private static bool TryShortInteger(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > 18)
            return false;
        foreach (var c in text)
        {
            var digit = (uint)c - '0';
            if (digit > 9)
                return false;
            value = (value * 10) + digit;
        }
        return true;
    }

    // Nearly every number in a table is short and has no exponent: digits, a point, digits.
    private static bool TryShortDecimal(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        // So many digits cannot overflow, but may be more than a double holds.
        if (text.Length is 0 or > 19)
            return false;
        var (mantissa, decimals, i) = (0L, 0, 0);
        for (; i < text.Length && (uint)text[i] - '0' is <= 9 and var digit; i++)
            mantissa = (mantissa * 10) + digit;
        if (i < text.Length)
        {
            decimals = text.Length - 1 - i;
            if (text[i] != '.' || text.Length == 1)
                return false;
            for (i++; i < text.Length && (uint)text[i] - '0' is <= 9 and var digit; i++)
                mantissa = (mantissa * 10) + digit;
            if (i < text.Length)
                return false;
        }
        if ((ulong)mantissa > LargestExactMantissa)
            return false;
        value = mantissa / PowersOfTen[decimals];
        // Not -mantissa: an integer has no negative zero.
        value = negative ? -value : value;
        return true;
    }
}
