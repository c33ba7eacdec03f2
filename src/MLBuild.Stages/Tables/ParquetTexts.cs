using System.Runtime.InteropServices;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Reads and writes the texts of one Parquet column, a row group at a time, in memory that is used again.
/// Short texts that come again are one string: a million strings would keep the collector busy for longer than it takes
/// to read them.</summary>
internal sealed class ParquetTexts
{
    private const int LongestPooled = 32;
    private const int Slots = 1024;

    private readonly string?[] _slots = new string?[Slots];
    private ReadOnlyMemory<char>[] _present = [];
    private int[] _levels = [];

    /// <exception cref="TableException">One is absent, and the field says that none is.</exception>
    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, ReadOnlySpan<string?> texts)
    {
        MakeRoom(texts.Length);
        var count = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            _levels[i] = field.MaxDefinitionLevel;
            if (texts[i] is { } text)
                _present[count++] = text.AsMemory();
            else if (field.IsNullable)
                _levels[i]--;
            else
                throw StorableValue.Null(field.Name);
        }
        var present = _present.AsMemory(0, count);
        return field.IsNullable
            ? group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                field, present, _levels.AsMemory(0, texts.Length), null, CancellationToken.None)
            : group.WriteAsync<ReadOnlyMemory<char>>(field, present);
    }

    /// <summary>Replaces all of <paramref name="texts"/>, as many as the row group has rows.</summary>
    public async ValueTask ReadAsync(ParquetRowGroupReader group, DataField field, Memory<string?> texts)
    {
        MakeRoom(texts.Length);
        // A bare null would be an empty memory and not none.
        Memory<int>? levels = field.MaxDefinitionLevel > 0 ? _levels.AsMemory(0, texts.Length) : (Memory<int>?)null;
        await group.ReadRawAsync<ReadOnlyMemory<char>>(field, _present.AsMemory(0, texts.Length), levels, null);
        Fill(texts.Span, _levels, field.MaxDefinitionLevel);
    }

    private void Fill(Span<string?> texts, ReadOnlySpan<int> levels, int present)
    {
        var (next, last, lastText) = (0, (char[]?)null, "");
        for (var i = 0; i < texts.Length; i++)
        {
            if (present > 0 && levels[i] < present)
            {
                texts[i] = null;
                continue;
            }
            var text = _present[next++];
            // Equal values of a column with a dictionary are one array.
            if (!MemoryMarshal.TryGetArray(text, out var array) || array.Array is null || array.Array != last)
                (last, lastText) = (array.Array, Pooled(text.Span));
            texts[i] = lastText;
        }
        // The arrays of a row group are not to outlive it.
        Array.Clear(_present, 0, next);
    }

    private string Pooled(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestPooled)
            return new(text);
        var hash = (uint)text.Length;
        foreach (var c in text)
            hash = (hash ^ c) * 0x0100_0193;
        ref var slot = ref _slots[(hash ^ (hash >> 15)) % Slots];
        if (slot is null || !text.SequenceEqual(slot))
            slot = new(text);
        return slot;
    }

    private void MakeRoom(int count)
    {
        if (count <= _levels.Length)
            return;
        _present = new ReadOnlyMemory<char>[count];
        _levels = new int[count];
    }
}
