using System.Text;

namespace MLBuild.Learning.Features;

/// <summary>What fitting the features of training rows found: category tables and histories. It travels with the model;
/// every row that is predicted is computed with it. Equal rows in any order give equal bytes.</summary>
/// <remarks>In memory and on disk about 24 bytes for each training row and history, and a text and 16 bytes for each
/// category. The histories end with the training rows: what a window still has of them at a later moment is what is
/// known then, and it runs dry as the model ages.</remarks>
public sealed class FeatureState
{
    private const string Header = "mlbuild-features 1";
    private const byte CategoriesMark = 1;
    private const byte EventsMark = 2;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<string, FeatureStatePart> _parts;

    internal FeatureState(IEnumerable<KeyValuePair<string, FeatureStatePart>> parts) =>
        _parts = new(parts.ToDictionary(), StringComparer.Ordinal);

    /// <summary>The state of features that need none.</summary>
    public static FeatureState None => new([]);

    /// <summary>The names of what was fitted: features, and histories.</summary>
    public IReadOnlyCollection<string> Names => _parts.Keys;

    /// <summary>The latest time of an event that it knows of; null without histories.</summary>
    public DateTime? HistoryUntil => _parts.Values.OfType<FeatureStatePart.Events>()
        .SelectMany(events => events.Lists.Values).SelectMany(list => list.Events)
        .Select(one => (DateTime?)new DateTime(one.At)).Max();

    internal FeatureStatePart? Find(string name) => _parts.GetValueOrDefault(name);

    /// <summary>Writes the same bytes on every machine.</summary>
    public void Write(Stream stream)
    {
        using var to = new BinaryWriter(stream, Strict, leaveOpen: true);
        to.Write(Header);
        to.Write(_parts.Count);
        foreach (var (name, part) in _parts)
        {
            to.Write(name);
            Write(to, part);
        }
    }

    /// <param name="stream">One that knows its length.</param>
    /// <exception cref="FormatException">The bytes are no such state.</exception>
    public static FeatureState Read(Stream stream)
    {
        using var from = new BinaryReader(stream, Strict, leaveOpen: true);
        try
        {
            if (from.ReadString() != Header)
                throw new FormatException("These bytes are no state of features.");
            var parts = new Dictionary<string, FeatureStatePart>(StringComparer.Ordinal);
            for (var left = ReadCount(from, leastBytes: 2); left > 0; left--)
                parts.Add(from.ReadString(), ReadPart(from));
            return stream.Position == stream.Length
                ? new(parts)
                : throw new FormatException("These bytes are no state of features: there are too many.");
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or DecoderFallbackException
            or ArgumentException)
        {
            throw new FormatException($"These bytes are no state of features: {e.Message}", e);
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> InOrder<T>(Dictionary<string, T> named) =>
        named.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static void Write(BinaryWriter to, FeatureStatePart part)
    {
        switch (part)
        {
            case FeatureStatePart.Categories categories:
                to.Write(CategoriesMark);
                to.Write(categories.Rows);
                to.Write(categories.Sum);
                to.Write(categories.Figures.Count);
                foreach (var (category, figures) in InOrder(categories.Figures))
                {
                    to.Write(category);
                    to.Write(figures.Rows);
                    to.Write(figures.Sum);
                }
                break;
            case FeatureStatePart.Events events:
                to.Write(EventsMark);
                to.Write(events.Lists.Count);
                foreach (var (key, list) in InOrder(events.Lists))
                {
                    to.Write(key);
                    to.Write(list.Events.Count);
                    foreach (var one in list.Events)
                    {
                        to.Write(one.At);
                        to.Write(one.KnownAt);
                        to.Write(one.Value);
                    }
                }
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown part {part.GetType().Name}.");
        }
    }

    private static FeatureStatePart ReadPart(BinaryReader from)
    {
        switch (from.ReadByte())
        {
            case CategoriesMark:
                var (rows, sum) = (from.ReadInt64(), from.ReadDouble());
                var figures = new Dictionary<string, CategoryFigures>(StringComparer.Ordinal);
                for (var left = ReadCount(from, leastBytes: 17); left > 0; left--)
                    figures.Add(from.ReadString(), new(from.ReadInt64(), from.ReadDouble()));
                return new FeatureStatePart.Categories(rows, sum, figures);
            case EventsMark:
                var lists = new Dictionary<string, EventList>(StringComparer.Ordinal);
                for (var left = ReadCount(from, leastBytes: 5); left > 0; left--)
                    lists.Add(from.ReadString(), ReadEvents(from));
                return new FeatureStatePart.Events(lists);
            case var mark:
                throw new FormatException($"These bytes are no state of features: part {mark} is unknown.");
        }
    }

    private static EventList ReadEvents(BinaryReader from)
    {
        var events = new HistoryEvent[ReadCount(from, leastBytes: 24)];
        for (var i = 0; i < events.Length; i++)
            events[i] = new(from.ReadInt64(), from.ReadInt64(), from.ReadDouble());
        return new(events);
    }

    // Before anything is made for them: bytes that are no state may say any number.
    private static int ReadCount(BinaryReader from, int leastBytes)
    {
        var count = from.ReadInt32();
        var left = from.BaseStream.Length - from.BaseStream.Position;
        return count >= 0 && (long)count * leastBytes <= left
            ? count
            : throw new FormatException(
                $"These bytes are no state of features: {count} things are to come in {left} bytes.");
    }
}
