namespace TaxiFares;

/// <summary>Where a taxi zone lies: a borough, or one of the airports, whose fares follow other rules.</summary>
public enum ZoneGroup
{
    Unknown,
    Manhattan,
    Bronx,
    Brooklyn,
    Queens,
    StatenIsland,
    Jfk,
    LaGuardia,
    Newark,
}

/// <summary>The zones of the commission's zone table, 1 to 263; 264 and 265 stand for unknown ones.</summary>
public static class Zones
{
    public const int Last = 265;

    private static readonly ZoneGroup[] Groups = Fill();

    public static ZoneGroup GroupOf(int zone) => zone is >= 1 and <= Last ? Groups[zone] : ZoneGroup.Unknown;

    private static ZoneGroup[] Fill()
    {
        // Queens and the unknown zones are what the other lists leave.
        var groups = new ZoneGroup[Last + 1];
        Array.Fill(groups, ZoneGroup.Queens, 1, 263);
        Set(ZoneGroup.Newark, 1);
        Set(ZoneGroup.Jfk, 132);
        Set(ZoneGroup.LaGuardia, 138);
        Set(ZoneGroup.Manhattan,
            4, 12, 13, 24, 41, 42, 43, 45, 48, 50, 68, 74, 75, 79, 87, 88, 90, 100, 103, 104, 105, 107, 113, 114, 116,
            120, 125, 127,
            128, 137, 140, 141, 142, 143, 144, 148, 151, 152, 153, 158, 161, 162, 163, 164, 166, 170, 186, 194, 202,
            209, 211, 224,
            229, 230, 231, 232, 233, 234, 236, 237, 238, 239, 243, 244, 246, 249, 261, 262, 263);
        Set(ZoneGroup.Bronx,
            3, 18, 20, 31, 32, 46, 47, 51, 58, 59, 60, 69, 78, 81, 94, 119, 126, 136, 147, 159, 167, 168, 169, 174, 182,
            183, 184, 185,
            199, 200, 208, 212, 213, 220, 235, 240, 241, 242, 247, 248, 250, 254, 259);
        Set(ZoneGroup.Brooklyn,
            11, 14, 17, 21, 22, 25, 26, 29, 33, 34, 35, 36, 37, 39, 40, 49, 52, 54, 55, 61, 62, 63, 65, 66, 67, 71, 72,
            76, 77, 80, 85,
            89, 91, 97, 106, 108, 111, 112, 123, 133, 149, 150, 154, 155, 165, 177, 178, 181, 188, 189, 190, 195, 210,
            217, 222, 225,
            227, 228, 255, 256, 257);
        Set(ZoneGroup.StatenIsland, 5, 6, 23, 44, 84, 99, 109, 110, 115, 118, 156, 172, 176, 187, 204, 206, 214, 221,
            245, 251);
        return groups;

        void Set(ZoneGroup group, params ReadOnlySpan<int> zones)
        {
            foreach (var zone in zones)
                groups[zone] = group;
        }
    }
}
