using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace MLBuild.Stages.Tables;

/// <summary>Strings of UTF-8 texts, of which short ones that come again are made once.</summary>
internal sealed class TextPool
{
    private const int LongestBytes = 32;
    private const int Slots = 1024;

    private readonly (byte[] Bytes, string Text)?[] _slots = new (byte[], string)?[Slots];

    /// <returns>False where the bytes are not UTF-8, one of them is zero, or they begin with a byte order
    /// mark.</returns>
    public bool TryGet(ReadOnlySpan<byte> text, [NotNullWhen(true)] out string? value)
    {
        if (text.Length > LongestBytes)
        {
            value = IsText(text) ? Encoding.UTF8.GetString(text) : null;
            return value is not null;
        }
        ref var slot = ref _slots[SlotOf(text)];
        if (slot is { } known && text.SequenceEqual(known.Bytes))
        {
            value = known.Text;
            return true;
        }
        value = IsText(text) ? Encoding.UTF8.GetString(text) : null;
        if (value is not null)
            slot = (text.ToArray(), value);
        return value is not null;
    }

    // Zeros are of a damaged file, a byte order mark is of one that was joined to another.
    private static bool IsText(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) && !text.Contains((byte)0) && !text.StartsWith(Encoding.UTF8.Preamble);

    private static int SlotOf(ReadOnlySpan<byte> text)
    {
        var hash = (uint)text.Length;
        foreach (var b in text)
            hash = (hash ^ b) * 0x0100_0193;
        return (int)((hash ^ (hash >> 15)) % Slots);
    }
}
