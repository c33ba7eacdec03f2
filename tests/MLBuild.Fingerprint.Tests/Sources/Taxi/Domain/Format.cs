using System;
using System.Globalization;

namespace Taxi;

/// <summary>Texts of numbers.</summary>
public static class Format
{
    public static string Number(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
