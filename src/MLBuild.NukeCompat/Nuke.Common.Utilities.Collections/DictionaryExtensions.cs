#nullable disable
namespace Nuke.Common.Utilities.Collections;

/// <summary>Filling dictionaries in one expression.</summary>
public static class DictionaryExtensions
{
    public static Dictionary<TKey, TValue> AddPair<TKey, TValue>(
        this Dictionary<TKey, TValue> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value);
        return dictionary;
    }

    public static Dictionary<TKey, string> AddPair<TKey, TValue>(
        this Dictionary<TKey, string> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value is IFormattable number
            ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)
            : value?.ToString());
        return dictionary;
    }

    public static Dictionary<TKey, TValue> AddPairWhenKeyNotNull<TKey, TValue>(
        this Dictionary<TKey, TValue> dictionary, TKey key, TValue value = default)
        where TKey : class =>
        key != null ? dictionary.AddPair<TKey, TValue>(key, value) : dictionary;

    public static Dictionary<TKey, TValue> AddPairWhenValueNotNull<TKey, TValue>(
        this Dictionary<TKey, TValue> dictionary, TKey key, TValue value)
        where TValue : class =>
        value != null ? dictionary.AddPair<TKey, TValue>(key, value) : dictionary;

    public static IDictionary<TKey, TValue> SetKeyValue<TKey, TValue>(
        this IDictionary<TKey, TValue> dictionary, TKey key, TValue value = default)
    {
        dictionary[key] = value;
        return dictionary;
    }
}
