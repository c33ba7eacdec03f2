using System.Globalization;

namespace MLBuild.Stages.Tables;

/// <summary>A column of an <see cref="AnyTable"/>: the values of its current rows, and figures of all rows that were
/// read so far.</summary>
internal abstract class AnyColumn
{
    /// <summary>What stands for an absent value, and for a figure that a type does not have.</summary>
    public const string Nothing = "-";

    public abstract string Name { get; }

    /// <summary>How the type is written; of a text table it is known when all rows were read.</summary>
    public abstract string Type { get; }

    /// <summary>True for a value that is null or not a number.</summary>
    public abstract bool IsAbsent(int row);

    /// <summary>A value as people read it.</summary>
    public abstract string Text(int row);

    /// <summary>Where a value is on a line, of numbers and times; null of others and where it is absent.</summary>
    public abstract double? Position(int row);

    /// <summary>True if positions are ticks.</summary>
    public abstract bool IsTime { get; }

    /// <summary>What <see cref="Position"/> gives, as people read it.</summary>
    public string TextAt(double position) => !IsTime ? position.ToString("G6", CultureInfo.InvariantCulture)
        : new DateTime((long)position) is var time && time.TimeOfDay == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : TimeText(time);

    /// <summary>64 well mixed bits; equal values have equal ones.</summary>
    public abstract ulong Hash(int row);

    /// <summary>Absent values, smallest, mean, largest.</summary>
    public abstract string[] Figures();

    /// <summary>64 well mixed bits of some.</summary>
    // The finaliser of MurmurHash3, A. Appleby, public domain.
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        bits = (bits ^ (bits >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return bits ^ (bits >> 33);
    }

    protected static ulong HashOf(string text)
    {
        var hash = (ulong)text.Length + 0x9E37_79B9_7F4A_7C15;
        foreach (var c in text)
            hash = Mix(hash ^ c);
        return hash;
    }

    protected static string TimeText(DateTime time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}
