using System.Runtime.InteropServices;

namespace MLBuild.Learning.Models;

/// <summary>The functions of LightGBM's C interface that training calls (LightGBM, <c>c_api.h</c>). Each gives 0, or
/// leaves a message.</summary>
internal static class LightGbmLibrary
{
    private const string Name = "lib_lightgbm";

    /// <summary>Values are 32-bit floating-point numbers.</summary>
    public const int Float32 = 0;

    /// <exception cref="LightGbmException">The call failed.</exception>
    public static void Demand(int result)
    {
        if (result != 0)
            throw new LightGbmException(Marshal.PtrToStringUTF8(LastError()) ?? "no message");
    }

    [DllImport(Name, EntryPoint = "LGBM_GetLastError")]
    private static extern nint LastError();

    /// <summary>Makes the intervals of a table from a sample of its rows; the rows are pushed after that.</summary>
    /// <param name="values">For each feature, the address of its values in the sample that are not 0.</param>
    /// <param name="rows">For each feature, the address of the numbers of the sampled rows that have them.</param>
    [DllImport(Name, EntryPoint = "LGBM_DatasetCreateFromSampledColumn")]
    public static extern int CreateTable(
        nint[] values, nint[] rows, int features, int[] counts, int sampledRows, int localRows, long allRows,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out Table table);

    /// <summary>Makes a table with the intervals of another.</summary>
    [DllImport(Name, EntryPoint = "LGBM_DatasetCreateByReference")]
    public static extern int CreateTable(Table like, long rows, out Table table);

    /// <summary>Adds rows; with the last one the table is complete.</summary>
    [DllImport(Name, EntryPoint = "LGBM_DatasetPushRows")]
    public static extern int AddRows(Table table, float[] values, int type, int rows, int features, int firstRow);

    [DllImport(Name, EntryPoint = "LGBM_DatasetSetField")]
    public static extern int SetField(
        Table table, [MarshalAs(UnmanagedType.LPUTF8Str)] string field, float[] values, int count, int type);

    [DllImport(Name, EntryPoint = "LGBM_DatasetFree")]
    private static extern int FreeTable(nint table);

    [DllImport(Name, EntryPoint = "LGBM_BoosterCreate")]
    public static extern int CreateBooster(
        Table training, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out Booster booster);

    [DllImport(Name, EntryPoint = "LGBM_BoosterAddValidData")]
    public static extern int AddValidation(Booster booster, Table validation);

    /// <param name="isFinished">1 if no tree can be grown that improves anything.</param>
    [DllImport(Name, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    public static extern int GrowTree(Booster booster, out int isFinished);

    /// <summary>Copies what the trees so far predict for each row: a number or a probability; with several classes the
    /// probabilities of the first class for all rows, then those of the second, and so on.</summary>
    /// <param name="table">0 for the training rows, 1 for the validation rows.</param>
    [DllImport(Name, EntryPoint = "LGBM_BoosterGetPredict")]
    public static extern int GetPredictions(Booster booster, int table, out long count, double[] predictions);

    /// <param name="lengthBytes">The length of the text with a 0 at its end; if it is larger than the buffer, nothing
    /// was written.</param>
    [DllImport(Name, EntryPoint = "LGBM_BoosterSaveModelToString")]
    public static extern int SaveModel(
        Booster booster, int firstIteration, int iterations, int importance, long bufferBytes, out long lengthBytes,
        byte[] buffer);

    [DllImport(Name, EntryPoint = "LGBM_BoosterFree")]
    private static extern int FreeBooster(nint booster);

    /// <summary>Rows as LightGBM keeps them: each value the number of its interval.</summary>
    public sealed class Table() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => FreeTable(handle) == 0;
    }

    /// <summary>Trees in the making.</summary>
    public sealed class Booster() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => FreeBooster(handle) == 0;
    }
}

/// <summary>LightGBM refused something, in its own words.</summary>
public sealed class LightGbmException(string message) : Exception($"LightGBM: {message}");
